// validate FILE          every object of the YAML file against its schema: types, enums, required and unknown fields
// pods FILE              those that hold pods, as one JSON List
// compare BEFORE AFTER   every value of BEFORE's items is still in AFTER, but for the image
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseAllDocuments } from "yaml";

const require = createRequire(import.meta.url);
const [action, file, after] = process.argv.slice(2);
const problems = [];

function objectsIn(name) {
  const objects = parseAllDocuments(readFileSync(name, "utf8")).map((document) => document.toJS());
  return objects.flatMap((object) => (object.kind === "List" ? object.items : [object]));
}

function modelOf({ apiVersion, kind }) {
  const model = apiVersion.startsWith("monitoring.coreos.com/")
    ? `@kubernetes-models/prometheus-operator/${apiVersion}/${kind}`
    : `kubernetes-models/${apiVersion}/${kind}`;
  return require(model)[kind];
}

// The validators are compiled code that reads each field it knows: what is never read is unknown.
function watched(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  const children = new Map();
  for (const key of Object.keys(value)) {
    unread.add(`${path}/${key}`);
    children.set(key, watched(value[key], `${path}/${key}`, unread));
  }
  return new Proxy(value, {
    get(target, key) {
      unread.delete(`${path}/${String(key)}`);
      return children.has(key) ? children.get(key) : target[key];
    },
  });
}

function validate(object) {
  const name = `${object.kind} ${object.metadata.name}`;
  const Model = modelOf(object);
  try {
    new Model(object).validate();
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
    return;
  }
  const unread = new Set();
  const model = new Model({});
  for (const key of Object.keys(object)) model[key] = watched(object[key], `/${key}`, unread);
  model.validate();
  for (const path of unread) problems.push(`${name}: unknown field ${path}`);
}

function compare(before, now, path) {
  if (path.endsWith("/image")) return;
  if (before !== null && typeof before === "object") {
    for (const key of Object.keys(before)) compare(before[key], now?.[key], `${path}/${key}`);
  } else if (before !== now) {
    problems.push(`${path}: ${JSON.stringify(before)} has become ${JSON.stringify(now)}`);
  }
}

const objects = objectsIn(file);
if (action === "validate") {
  objects.forEach(validate);
} else if (action === "pods") {
  const items = objects.filter(({ kind }) => kind === "CronJob" || kind === "Job");
  console.log(JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 1));
} else {
  const typed = objectsIn(after);
  objects.forEach((object, i) => compare(object, typed[i], object.metadata.name));
}
if (objects.length === 0) problems.push(`${file}: nothing in it`);
problems.forEach((problem) => console.error(problem));
process.exitCode = problems.length > 0 ? 1 : 0;
