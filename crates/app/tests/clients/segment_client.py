"""Segment's client for Python, packed by gzip and plain; run twice, it sends the same ids again."""

import json

from segment.analytics.client import Client

from ground import ACCESS, DEMO

N_EVENTS = 25
PERSON = ACCESS["with_slot"]


def client(key, failures, **settings):
    told = lambda error, batch: failures.append(error)
    return Client(key, host=DEMO["url"], on_error=told, upload_size=10, **settings)


failures = []
for gzip in [True, False]:
    analytics = client(DEMO["usage"]["write_key"], failures, gzip=gzip)
    for n in range(N_EVENTS):
        analytics.track(PERSON, "opened", {"value": n}, message_id=f"segment-python-{gzip}-{n}")
    analytics.identify(PERSON, {"name": "Jo"})
    analytics.group(PERSON, "a-ward")
    analytics.page(PERSON, "results", "Results")
    analytics.alias("a-screen", PERSON)
    analytics.flush()
    analytics.join()
assert failures == [], failures

# A wrong write key is told, once, without trying again.
barred = client("wrong", failures)
barred.track(PERSON, "opened")
barred.flush()
barred.join()
assert [error.status for error in failures] == [401], failures
print(json.dumps({"sent": 2 * N_EVENTS}))
