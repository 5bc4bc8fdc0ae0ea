"""What a server starts: `gunicorn wsgi:application`."""

import os

from compounding.app import create_app
from compounding.settings import Settings

application = create_app(Settings.from_env(os.environ))
