"""Where histor keeps things: projects and the gazetteer. The only place that speaks SQL.

A project is opened with `histor.store.project.open_project`; its `read()` and `write()` give one
transaction with a repository for each kind of record.
"""
