"""Articles out of the portal and into it again: tables for editors, files for translators."""
