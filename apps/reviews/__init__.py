"""The regional reviews of the Global Compact: cycles with their phases, and what becomes of what was said in them.

What people do with it:

- a reader opens "Regional reviews", sees which cycle it is, where it stands now and what comes next, and goes back to
  the earlier ones, with a source beside every fact;
- the secretary keeps the cycle in the back office: the phases with their days (or without, while nobody has announced
  them), key dates, papers, the countries' reports and priority areas, and publishes it when it is ready;
- a member follows the same page; a stranger finds no cycle that is not published.
"""
