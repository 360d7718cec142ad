"""An organisation asks to be listed: it writes by an e-mailed link, the secretariat compares, accepts or refuses.

What each of them does:

- the organisation opens the directory, asks for a link, finds it in its mailbox, answers three short parts on a phone,
  stops and comes back by the same link, reads everything once more, sends it, follows what becomes of it, withdraws it;
- the secretariat sees on the dashboard that a request waits, reads it beside the organisations that may be the same,
  accepts it as a new one or into one that is there, or refuses it with a reason in the organisation's language;
- a stranger with bad intent finds no link (they are signed and go by mail only), learns of no address whether it has
  asked, fills nobody's mailbox (three mails an hour for an address) and lists nobody: only the secretariat does.
"""
