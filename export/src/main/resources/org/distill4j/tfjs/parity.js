"use strict";
/* node parity.js TF.MIN.JS MODEL_FOLDER INPUTS.JSON OUTPUTS.JSON: runs a graph model on the CPU. */
const fs = require("fs");
const path = require("path");
const [script, folder, inputs, outputs] = process.argv.slice(2);
const tf = require(path.resolve(script));

/* JSON has no NaN and no infinity: they travel as words. */
const said = x => typeof x === "number" && !Number.isFinite(x) ? String(x) : Number(x);

(async () => {
  await tf.setBackend("cpu");
  const whole = JSON.parse(fs.readFileSync(path.join(folder, "model.json"), "utf8"));
  const shards = whole.weightsManifest[0].paths.map(p => fs.readFileSync(path.join(folder, p)));
  const all = Buffer.concat(shards);
  const model = await tf.loadGraphModel(tf.io.fromMemory({
    modelTopology: whole.modelTopology,
    signature: whole.signature,
    format: whole.format,
    weightSpecs: whole.weightsManifest[0].weights,
    weightData: all.buffer.slice(all.byteOffset, all.byteOffset + all.length),
  }));
  const names = Object.keys(whole.signature.outputs);
  const results = [];
  for (const example of JSON.parse(fs.readFileSync(inputs, "utf8"))) {
    const fed = {};
    for (const [name, one] of Object.entries(example)) {
      const type = whole.signature.inputs[name].dtype === "DT_FLOAT" ? "float32" : "int32";
      fed[whole.signature.inputs[name].name] = tf.tensor(one.values.map(Number), one.shape, type);
    }
    const nodes = names.map(n => whole.signature.outputs[n].name);
    let made = await model.executeAsync(fed, nodes);
    made = Array.isArray(made) ? made : [made];
    const result = {};
    for (let i = 0; i < names.length; i++) {
      result[names[i]] = {shape: made[i].shape, values: Array.from(await made[i].data(), said)};
    }
    tf.dispose(made);
    tf.dispose(fed);
    results.push(result);
  }
  fs.writeFileSync(outputs, JSON.stringify(results));
  console.log(tf.version.tfjs);
})().catch(e => { console.error(String(e.message || e).split("\n")[0]); process.exit(1); });
