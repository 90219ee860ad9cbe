// Asks a server everything with the vendor's own Node client, which refuses what its types do not
// allow; prints what it said of each call: "" or its first complaint.
//   NODE_PATH=... node vendors_client.cjs ADDRESS KEY PLAN    PLAN: [[resource, method, argument...]]
const { UnipileClient } = require("unipile-node-sdk");

async function main([address, key, plan]) {
  const client = new UnipileClient(address, key, {
    validateRequestPayload: true,
    validateRequestPayloadLevel: "error",
  });
  const said = [];
  for (const [resource, method, ...given] of JSON.parse(plan)) {
    try {
      await client[resource][method](...given);
      said.push("");
    } catch (error) {
      const complaint = error.errors ? [...error.errors][0] : undefined;
      const body = complaint ? `${complaint.path}: ${complaint.message}` : JSON.stringify(error.body);
      said.push(body || String(error));
    }
  }
  console.log(JSON.stringify(said));
}

main(process.argv.slice(2));
