"""The real adapters behind the ports: one service, one folder.

unipile          reading LinkedIn and acting on it
google_sheets    the team's sheet
llm              language models, two dialects
email            mail to the team and its pages
csv              people from files and into files
http             what all of them share on the wire
clock            time: real, compressed, jumping (at a pace, where watched); `file_erasure` destroys written files
"""
