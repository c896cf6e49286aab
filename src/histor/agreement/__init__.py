"""How far two coders agree: their event mentions aligned first, then each field measured by the fitting coefficient."""
