"""An excerpt shows the writer's own words and is cut after a word."""

from ingagents.core.text.excerpt import excerpt, shortened


def test_what_is_cut_ends_after_a_word_with_an_ellipsis():
    assert shortened("one two three", 11) == "one two…"
    assert shortened("one two", 9) == "one two"


def test_a_word_longer_than_half_the_room_is_cut_itself():
    assert shortened("abcdefghijklmnop", 8) == "abcdefg…"


def test_an_excerpt_leaves_out_what_we_sent_unless_nothing_else_is_there():
    ours = "Will you speak at our summit?"
    assert excerpt(f"{ours} Yes, gladly.", 60, [ours]) == "Yes, gladly."
    assert excerpt(ours, 60, [ours]) == ours
