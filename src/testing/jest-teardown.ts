import { dynamoxTeardown } from './jest.ts'

/** jest's global tear-down: `globalTeardown: 'dynamox/jest/teardown'`. */
export default dynamoxTeardown
