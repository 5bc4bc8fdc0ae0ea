"""The pharmacy's knowledge: frozen values and pure functions, exact arithmetic, no framework, clock, disk or chance."""
