"""The key that locks what is private in the tests: one, so that several programs may share their records."""

from compounding.db.private import Vault

DATA_KEY = "another key of the tests alone, long enough to be one"
VAULT = Vault(DATA_KEY)
