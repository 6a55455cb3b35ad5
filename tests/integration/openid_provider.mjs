// A real OpenID provider (npm `oidc-provider`, certified) for one client and a few people, on a port of this machine.
// Run by `node --input-type=module` in the folder that has node_modules; what it serves comes in PROVIDER.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const { people, client, redirect } = JSON.parse(process.env.PROVIDER)
const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirect] }],
    claims: { openid: ['sub'], profile: ['family_name', 'given_name', 'middle_name', 'birthdate'],
      document: ['identity_document'] },
    cookies: { keys: ['cookies of the tests'] },
    pkce: { required: () => true },
    findAccount: (_, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
