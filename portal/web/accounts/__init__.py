"""Pages outside Streamlit: signing in and out, passwords, the first administrator, files."""
