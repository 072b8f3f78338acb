export default ['npm ci', 'npm test']
