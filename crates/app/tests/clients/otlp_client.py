"""OpenTelemetry's exporter of logs for Python, protobuf over HTTP; run twice, it sends the same records again."""

import json
import time

from opentelemetry._logs import LogRecord
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

from ground import ACCESS, DEMO

N_EACH = 5
sent = 0
for compression in [Compression.NoCompression, Compression.Gzip]:
    exporter = OTLPLogExporter(
        endpoint=f"{DEMO['url']}/v1/logs",
        headers={"authorization": f"Bearer {DEMO['usage']['write_key']}"},
        compression=compression,
    )
    provider = LoggerProvider()
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    logger = provider.get_logger("openfeature")
    for n in range(N_EACH):
        logger.emit(
            LogRecord(
                timestamp=time.time_ns(),
                event_name="feature_flag.evaluation",
                attributes={
                    "feature_flag.key": ACCESS["flag"],
                    "feature_flag.context.id": ACCESS["with_slot"],
                    "feature_flag.result.variant": "on",
                    "log.record.uid": f"python-{compression.value}-{n}",
                },
            )
        )
    assert provider.force_flush()
    provider.shutdown()
    sent += N_EACH
print(json.dumps({"sent": sent}))
