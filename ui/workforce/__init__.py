"""Workers, rotas, leave and sickness."""
