// A command line as it is often put together: every package imported at the top, whether it is needed or not.
import 'chalk'
import 'cosmiconfig'
import 'jiti'
import 'ora'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Command } from 'commander'

const program = new Command('naive').version('1.0.0')
program
  .command('exists <table>')
  .requiredOption('--endpoint <url>')
  .action(async (TableName, { endpoint }) => {
    const credentials = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    }
    const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials })
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    process.stdout.write(`${Table?.TableStatus}\n`)
  })
await program.parseAsync()
