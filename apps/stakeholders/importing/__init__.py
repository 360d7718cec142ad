"""Organisations and people out of a table: which column is what, a dry run, an error per row, duplicates by choice.

What the secretary does: she sends a CSV or XLSX file, says once which column is what (the portal remembers), reads
what is wrong in which row and which rows look like a record that is there, chooses for each of those whether it is
left out, completes that record or becomes a new one, and lets the rest in, or nothing. What is imported is shown to
nobody: no table brings a consent.
"""
