"""`amber feed push`: a file of indicator updates, pushed so that nothing is lost or doubled.

rows.py reads a file row by row; mapping.py turns a row into an update (mapping_file.py reads what
says how); push.py sends batches; results.py keeps what became of every row, and how far we are.
"""
