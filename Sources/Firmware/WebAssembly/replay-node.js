// node replay-node.js MODULE IMAGE VECTORS TRANSCRIPT CONTEXT
const { readFileSync, writeFileSync } = require("node:fs");
const [code, image, vectors, transcript, context] = process.argv.slice(2);
const answer = replay(readFileSync(code), readFileSync(image), readFileSync(vectors), Number(context));
if (answer.status === 0) writeFileSync(transcript, answer.transcript);
else console.error(`error: ${answer.why}`);
process.exitCode = answer.status;
