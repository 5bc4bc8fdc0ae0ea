"""Version 1 of the API: what is here may gain fields and never lose one."""
