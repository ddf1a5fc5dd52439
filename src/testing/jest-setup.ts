import { dynamoxSetup } from './jest.ts'

/** jest's global set-up with the tables of the project's config: `globalSetup: 'dynamox/jest/setup'`. */
export default dynamoxSetup()
