"""`amber doctor`: can this machine, as this consumer, work with that tracker?"""
