"""The languages of labels and leaflets: each is one file of this folder that gives a `LANGUAGE`, and nothing else has to be told of it."""
