'use strict'
// A model file read by jiti, as scripts do that load TypeScript: node jiti.cjs <model>
const { createJiti } = require('jiti')

createJiti(__filename)
  .import(process.argv[2])
  .then(({ User }) => console.log(User))
