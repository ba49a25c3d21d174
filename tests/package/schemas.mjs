// The documents of the package that have a schema: its manifest of custom elements, and what it is made of.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const require = createRequire(import.meta.url);
const read = (name) => JSON.parse(readFileSync(require.resolve(name), "utf8"));
const ours = (name) => JSON.parse(readFileSync(new URL(`node_modules/zoho-backup-status/${name}`, import.meta.url), "utf8"));
const cyclone = (name) => {
  const file = `${name}.SNAPSHOT.schema.json`;
  const url = new URL(`node_modules/@cyclonedx/cyclonedx-library/res/schema/${file}`, import.meta.url);
  // Under the name by which they refer to each other.
  return { ...JSON.parse(readFileSync(url, "utf8")), $id: `http://cyclonedx.org/schema/${file}` };
};

function check(name, schema, ...others) {
  // Schemas of others use words that Ajv's strict mode does not know.
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true, schemas: others }));
  // Formats of names and addresses in other alphabets, which no document of ours has.
  for (const format of ["idn-email", "iri-reference"]) ajv.addFormat(format, true);
  const isValid = ajv.compile(schema);
  if (!isValid(ours(name))) throw new Error(`${name}: ${ajv.errorsText(isValid.errors)}`);
  console.log(`${name} is valid`);
}

check("custom-elements.json", read("custom-elements-manifest/schema.json"));
check("sbom.cdx.json", cyclone("bom-1.6"), cyclone("spdx"), cyclone("jsf-0.82"));
