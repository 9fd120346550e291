//   node judge.mjs FOLDER [KIT]
// Judges FOLDER/2.0/*.json and FOLDER/2.1/*.json by @secvisogram/csaf-validator-lib and ends with 1 when a
// document of 2.0 is called invalid, or broken.json is not. The library knows an earlier draft of 2.1
// than the documents are written for, so what it finds there is printed and counted by test, and fails
// only when it is not explained by the difference of the drafts.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import validate from '@secvisogram/csaf-validator-lib/validate.js'
import * as schema20 from '@secvisogram/csaf-validator-lib/schemaTests.js'
import * as mandatory20 from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
import * as schema21 from '@secvisogram/csaf-validator-lib/csaf_2_1/schemaTests.js'
import * as mandatory21 from '@secvisogram/csaf-validator-lib/csaf_2_1/mandatoryTests.js'

const folder = process.argv[2]
const editions = {
  '2.0': [schema20.csaf_2_0_strict, ...Object.values(mandatory20)],
  '2.1': [...Object.values(schema21), ...Object.values(mandatory21)],
}
// Where draft 04 or the standard's own test documents say otherwise than this library:
const explained = (test, error) =>
  // Draft 04 made publisher.contact of publisher.contact_details.
  error.instancePath.startsWith('/document/publisher') ||
  // It scores CVSS 4.0 without the threat metric, unlike case 15 of test 6.1.9, and its schema takes 5.6 for
  // no multiple of 0.1.
  error.instancePath.includes('/cvss_v4') ||
  // Its lists of weaknesses end before 4.18.
  (test.name === 'mandatoryTest_6_1_11' && error.message === 'no such cwe version is recognized') ||
  // It knows the profiles up to 5: csaf_withdrawn and csaf_superseded came later.
  (test.name === 'mandatoryTest_6_1_26' && error.message === 'reserved prefix used')
let failed = false
for (const [edition, tests] of Object.entries(editions)) {
  let valid = 0
  let skipped = 0
  const found = new Map()
  const names = readdirSync(join(folder, edition)).sort()
  for (const name of names) {
    const document = JSON.parse(readFileSync(join(folder, edition, name), 'utf8'))
    const result = await validate(tests, document)
    const errors = []
    for (const test of result.tests) {
      for (const error of test.errors ?? []) {
        if (edition === '2.1' && explained(test, error)) {
          skipped += 1
          continue
        }
        errors.push(`${test.name} ${error.instancePath}: ${error.message}`)
        const key = `${test.name}: ${error.message}`
        found.set(key, (found.get(key) ?? 0) + 1)
      }
    }
    const isBroken = name === 'broken.json'
    if (errors.length === 0) valid += 1
    if ((errors.length > 0) !== isBroken) {
      failed = true
      console.log(`CSAF ${edition} ${name}: ${errors.slice(0, 5).join(' | ') || 'nothing found in what is broken'}`)
    }
  }
  console.log(`CSAF ${edition}: ${valid} of ${names.length - 1} called valid, tests run: ${tests.length}, explained findings: ${skipped}`)
  for (const [key, count] of found) console.log(`  ${count}x ${key}`)
}
// provider-metadata.json of 2.1 against the standard's own schema, which comes with the test documents.
if (process.argv[3]) {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
  const ajv = new Ajv({ strict: false, validateSchema: false })
  formats.default(ajv)
  const schemas = join(process.argv[3], 'schema')
  // Of the schema of documents only the two parts that it refers to: the whole draws in metaschemas that
  // this library does not resolve.
  const whole = read(join(schemas, 'csaf.json'))
  const { publisher, distribution } = whole.properties.document.properties
  ajv.addSchema({ $id: whole.$id, $defs: { contact_t: whole.$defs.contact_t }, properties: { document: { properties: { publisher, distribution } } } })
  const check = ajv.compile({ ...read(join(schemas, 'provider.json')), $schema: undefined })
  const good = read(join(folder, 'tree/v2.1/provider-metadata.json'))
  const bad = { ...good, role: 'csaf_best_provider' }
  if (!check(good) || check(bad)) {
    failed = true
    check(good)
    console.log('provider-metadata.json of 2.1:', JSON.stringify(check.errors))
  } else {
    console.log('provider-metadata.json of 2.1 is valid by its schema')
  }
}
process.exit(failed ? 1 : 0)
