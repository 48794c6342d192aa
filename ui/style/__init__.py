"""The look: tokens, theme, fonts, icons. Only ``tokens`` is free of Qt."""
