"""What people answer, taken apart: text, language, cues, opt-outs. A language is a file in `languages`."""
