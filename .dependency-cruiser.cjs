module.exports = require('./.house/law.cjs')
