"""Somebody answers a call for input, without an account and without a script, and follows what becomes of it.

What each of them does:

- a migrants' organisation in Nouakchott opens the call on a phone, reads what is asked, gives a mailbox, finds the link
  in it, answers part by part in Arabic, stops when the line breaks, goes on from another phone, chooses that no name be
  shown, reads everything once more and sends it; by the same link she sees at each step what became of it, and takes
  it back if she must;
- somebody without a mailbox fills in the printed form; the secretary types it in, says who gave it and how consent was
  given, and is known as the one who typed;
- the secretary looks at what came in, takes out what endangers somebody beside the original, adds a translation that is
  marked as one, then publishes, merges or declines with a reason that the author reads;
- a reader finds what was said, by whom as far as the author allows it, and what became of it;
- a stranger with bad intent finds no link (they are signed and go by mail only), learns of no address whether it has
  written, fills nobody's mailbox (three mails an hour for an address), cannot tell who is behind an anonymous
  contribution from its page, its number, a table, a file's name or a small count, and is slowed down by a field that
  only machines fill in and by a form that wants to be read before it is sent.
"""
