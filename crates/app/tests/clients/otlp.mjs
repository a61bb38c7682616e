// OpenTelemetry's exporters of logs for Node, as JSON and as protobuf, plain and packed; run twice, they send the same
// records again.
import { OTLPLogExporter as Json } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as Protobuf } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { assert, demo } from "./ground.mjs";

const N_EACH = 5;
const headers = { authorization: `Bearer ${demo.usage.write_key}` };
let sent = 0;
for (const [name, Exporter] of [["json", Json], ["protobuf", Protobuf]]) {
  for (const compression of ["none", "gzip"]) {
    const results = [];
    const exporter = new Exporter({ url: `${demo.url}/v1/logs`, headers, compression });
    const told = exporter.export.bind(exporter);
    exporter.export = (records, done) => told(records, (result) => { results.push(result); done(result); });
    let processor;
    try { processor = new BatchLogRecordProcessor({ exporter }); } catch { processor = new BatchLogRecordProcessor(exporter); }
    const provider = new LoggerProvider({ resource: resourceFromAttributes({ "service.name": "wards" }), processors: [processor] });
    const logger = provider.getLogger("openfeature");
    for (let n = 0; n < N_EACH; n++) {
      logger.emit({ eventName: "feature_flag.evaluation", attributes: {
        "feature_flag.key": demo.access.flag, "feature_flag.context.id": demo.access.with_slot,
        "feature_flag.result.variant": "on", "log.record.uid": `node-${name}-${compression}-${n}`,
      } });
      logger.emit({ body: "something else that happened", severityText: "INFO", attributes: { n, list: ["a", 1.5], of: { b: true } } });
    }
    await provider.forceFlush();
    await provider.shutdown();
    assert.ok(results.length > 0 && results.every((result) => result.code === 0), JSON.stringify(results));
    sent += N_EACH;
  }
}
console.log(JSON.stringify({ sent }));
