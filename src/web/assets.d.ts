/** The bundler takes style sheets; the compiler need not look into them. */
declare module '*.css'
