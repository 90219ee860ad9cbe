"""The simulated market, on the other side of the wire: what a newcomer meets and rehearsals run on.

market        the people, how they behave, what has happened, and LinkedIn's limits
unipile, google_sheets, llm   the services' HTTP dialects over it, one folder each
record        every act the market received, durable when it has a file
faults        bad days: dropped connections, 504s, lag, lost sessions
chance        one hash per question: the same seed gives the same market, whoever asks first
server        all of it over loopback TCP; `guard` stands before, `control` has our own routes
"""
