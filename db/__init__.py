"""Where it is kept: PostgreSQL through SQLAlchemy. Knows coordination, and no screen."""
