"""The app as a server starts it: `streamlit run app.py`.

The script lies inside `pages/`, so no folder `pages` lies beside it, and Streamlit never turns the
files there into addresses of their own.
"""

import streamlit as st

from pages.components.boundary import show_failure
from pages.components.server import lifespan, middleware, prepare

settings = prepare()

app = st.App(
    "pages/menu.py", middleware=middleware(settings), lifespan=lifespan, on_script_error=show_failure
)
