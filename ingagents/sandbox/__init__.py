"""The simulated market, on the other side of the wire: what a newcomer meets and rehearsals run on.

chance       one hash per question: the same seed gives the same market, whoever asks first
cast         the lists people are made of (cast.toml)
people       the invented population, made on demand; strangers and people given by the caller
careers      the long parts of a profile: jobs, skills, summary
temperament  who accepts, who answers, what and when (replies.toml)
story        what has happened with one person until a moment: a function of what was done to them
record       every act the market received, durable when it has a file
market       acts with LinkedIn's limits, and everything that can be read
query        LinkedIn's search language
search       Classic and Sales Navigator filters
faults       bad days: dropped connections, 504s, lag, lost sessions
unipile_*    the HTTP dialect of Unipile v1
sheets_*     Google Sheets' REST API on a spreadsheet of its own: grid, book, shelf, account, face
server       the same over loopback TCP
"""
