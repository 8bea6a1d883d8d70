// Lets the engine in a WebAssembly module answer vectors; the same in node and in a browser.
function replay(module, image, vectors, context) {
  const engine = new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
  const place = (bytes) => {
    const start = engine.claim(bytes.length);
    if (start === 0) throw new Error("no memory");
    new Uint8Array(engine.memory.buffer).set(bytes, start);
    return start;
  };
  const status = engine.replay(place(image), image.length, place(vectors), vectors.length, context);
  const memory = new Uint8Array(engine.memory.buffer);
  const reason = engine.why();
  const why = new TextDecoder().decode(memory.slice(reason, memory.indexOf(0, reason)));
  const start = engine.transcript_start();
  return { status, why, transcript: memory.slice(start, start + engine.transcript_size()) };
}
