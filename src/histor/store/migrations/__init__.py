"""Revisions of a project's tables, run by Alembic. A revision that was released is never changed."""
