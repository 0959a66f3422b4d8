"use strict";
/* Runs the TF.js form of an export in Node.js on the export's golden inputs.
 *
 * Usage: npm install @tensorflow/tfjs@4.22.0 && node check.js EXPORT_FOLDER */
const fs = require("fs");
const path = require("path");
const tf = require("@tensorflow/tfjs");

function golden(file) {
  const all = fs.readFileSync(file);
  const size = Number(all.readBigUInt64LE(0));
  const header = JSON.parse(all.subarray(8, 8 + size).toString());
  const arrays = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [begin, end] = entry.data_offsets;
    const bytes = all.subarray(8 + size + begin, 8 + size + end);
    arrays[name] = {
      shape: entry.shape,
      values: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    };
  }
  return arrays;
}

(async () => {
  const folder = process.argv[2];
  const arrays = golden(path.join(folder, "golden.safetensors"));
  const whole = JSON.parse(fs.readFileSync(path.join(folder, "tfjs", "model.json"), "utf8"));
  const data = Buffer.concat(whole.weightsManifest[0].paths
      .map(p => fs.readFileSync(path.join(folder, "tfjs", p))));
  const model = await tf.loadGraphModel(tf.io.fromMemory({
    modelTopology: whole.modelTopology,
    signature: whole.signature,
    format: whole.format,
    weightSpecs: whole.weightsManifest[0].weights,
    weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.length),
  }));
  const input = arrays["input." + Object.keys(whole.signature.inputs)[0]];
  const expected = arrays["output." + Object.keys(whole.signature.outputs)[0]];
  let x = tf.tensor(input.values, input.shape);
  const [, c, h, w] = input.shape;
  const taken = model.inputs[0].shape.slice(1);
  const isLast = taken.every((size, axis) => size < 0 || size === [h, w, c][axis]);
  if (input.shape.length === 4 && isLast) x = x.transpose([0, 2, 3, 1]);
  const y = model.predict(x);
  const scores = await y.data();
  const classes = expected.values.length / expected.shape[0];
  let same = 0;
  let apart = 0;
  const best = row => row.indexOf(Math.max(...row));
  for (let i = 0; i < expected.shape[0]; i++) {
    const a = Array.from(scores.slice(i * classes, (i + 1) * classes));
    const b = Array.from(expected.values.slice(i * classes, (i + 1) * classes));
    a.forEach((v, k) => { apart = Math.max(apart, Math.abs(v - b[k])); });
    same += best(a) === best(b) ? 1 : 0;
  }
  console.log(`tfjs                               @tensorflow/tfjs ${tf.version.tfjs}`
      + `               largest difference ${apart.toPrecision(2)}, same answer ${same} of ${expected.shape[0]}`);
  process.exit(apart < 1e-3 * Math.max(1, ...expected.values.map(Math.abs)) ? 0 : 1);
})();
