"""The review application: REST under ``/api/v1`` and the page that uses it."""
