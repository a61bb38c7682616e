"""CloudEvents' package for Python, structured and binary; run twice, it sends the same ids again."""

import json
from datetime import datetime, timezone

import requests
from cloudevents.core.bindings import http
from cloudevents.core.v1.event import CloudEvent

from ground import ACCESS, DEMO

KEY = {"authorization": f"Bearer {DEMO['usage']['write_key']}"}
N_EVENTS = 10
sent = 0
for n in range(N_EVENTS):
    for convert in [http.to_binary_event, http.to_structured_event]:
        attributes = {
            "id": f"python-{convert.__name__}-{n}",
            "source": "/clients/python",
            "type": "geöffnet",
            "specversion": "1.0",
            "time": datetime.now(timezone.utc),
            "datacontenttype": "application/json",
        }
        message = convert(CloudEvent(attributes, {"userId": ACCESS["with_slot"], "value": n}))
        answer = requests.post(f"{DEMO['url']}/events", data=message.body, headers=message.headers | KEY, timeout=10)
        assert answer.status_code == 200, answer.text
        sent += 1
print(json.dumps({"sent": sent}))
