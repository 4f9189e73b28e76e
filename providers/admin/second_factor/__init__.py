"""The second factor of staff: a one-time code of an app, or a recovery code.

`devices` keeps it, `pages` ask for it, `required` lets nobody past without it.
"""
