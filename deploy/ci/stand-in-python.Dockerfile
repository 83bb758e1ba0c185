# Stand-in for python:3.11-slim where no image registry is in reach: Debian's Python, and the
# certificates that the building machine trusts. Made by CI, used by CI, never pushed.
FROM amber-ci-debian
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
RUN printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > /etc/pip.conf \
    && ln -s python3 /usr/bin/python
