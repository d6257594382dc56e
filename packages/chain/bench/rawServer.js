// A bare node:http server that answers every call with the same balance: what reads are held against.
// Plain JavaScript, in a process of its own as the nodes are.
import { createServer } from 'node:http'

const answer = Buffer.from('{"jsonrpc":"2.0","id":1,"result":"0x21e19e0c9bab2400000"}')

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString())
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
