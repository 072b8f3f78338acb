import { describe, expect, test } from 'vitest'
import { readJunit, sumReports } from './junit.ts'

const read = (xml: string) => {
  const report = readJunit(xml)
  if ('problem' in report) throw new Error(report.problem)
  return report.tests
}
const problem = (xml: string) => {
  const report = readJunit(xml)
  return 'problem' in report ? report.problem : undefined
}

describe('dialects', () => {
  test('node --test: cases without a suite, nested suites, todo', () => {
    const tests = read(`<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testcase name="one" time="0.000624" classname="test" file="/a.test.mjs"/>
	<testcase name="two &amp; &lt;x>" time="0.0006" classname="test" file="/a.test.mjs" failure="1 == 2">
		<failure type="testCodeFailure" message="1 == 2">
[Error [ERR_TEST_FAILURE]: 1 == 2] {
      at TestContext.&lt;anonymous> (file:///a.test.mjs:2:49)
}
		</failure>
	</testcase>
	<testcase name="three" classname="test"><skipped type="skipped" message="true"/></testcase>
	<testsuite name="grp" disabled="0" errors="0" tests="3" failures="1" skipped="1">
		<testcase name="in" classname="grp"/>
		<testcase name="bad" classname="grp" failure="boom"><failure message="boom">Error: boom</failure></testcase>
		<testcase name="later" classname="grp"><skipped type="todo" message="true"/></testcase>
	</testsuite>
	<!-- tests 6 -->
</testsuites>`)
    expect(tests).toMatchObject({ passed: 2, failed: 2, skipped: 2, suites: 1 })
    expect(tests.failures.map(({ name }) => name)).toEqual(['two & <x>', 'grp › bad'])
    expect(tests.failures[0]?.message).toContain('TestContext.<anonymous>')
  })

  test('jest-junit', () => {
    const tests = read(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="2" failures="1" errors="0" time="1.2">
  <testsuite name="sum" errors="0" failures="1" skipped="0" timestamp="2026-01-01T00:00:00" time="0.1" tests="2">
    <testcase classname="sum adds" name="sum adds" time="0.01"></testcase>
    <testcase classname="sum fails" name="sum fails" time="0.01">
      <failure>Error: expect(received).toBe(expected) // Object.is equality
Expected: 3</failure>
    </testcase>
  </testsuite>
</testsuites>`)
    expect(tests).toMatchObject({ passed: 1, failed: 1, skipped: 0, suites: 1 })
    expect(tests.failures[0]).toMatchObject({ name: 'sum fails' })
    expect(tests.failures[0]?.message).toContain('Expected: 3')
  })

  test('pytest: errors count as failures', () => {
    const tests = read(`<?xml version="1.0" encoding="utf-8"?><testsuites>
<testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="0.05" hostname="h">
<testcase classname="test_a" name="test_ok" time="0.001" />
<testcase classname="test_a" name="test_bad"><failure message="assert 1 == 2">def test_bad(): assert 1 == 2</failure></testcase>
<testcase classname="" name="test_b"><error message="collection failure">ImportError</error></testcase>
<testcase classname="test_a" name="test_skip"><skipped type="pytest.skip" message="no">x</skipped></testcase>
</testsuite></testsuites>`)
    expect(tests).toMatchObject({ passed: 1, failed: 2, skipped: 1, suites: 1 })
    expect(tests.failures[1]).toEqual({ name: 'test_b', message: 'collection failure\nImportError' })
  })

  test('surefire: one suite as root, reruns that passed in the end, output', () => {
    const tests = read(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="com.x.PayTest" time="0.1" tests="3" errors="0" skipped="0" failures="1">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="pays" classname="com.x.PayTest" time="0.01"><system-out><![CDATA[<failure>]]></system-out></testcase>
  <testcase name="flaky" classname="com.x.PayTest"><flakyFailure message="once">x</flakyFailure></testcase>
  <testcase name="refunds" classname="com.x.PayTest"><failure message="no" type="java.lang.AssertionError"><![CDATA[java.lang.AssertionError: no]]></failure><rerunFailure message="no">x</rerunFailure></testcase>
</testsuite>`)
    expect(tests).toMatchObject({ passed: 2, failed: 1, skipped: 0, suites: 1 })
    expect(tests.failures).toEqual([
      { name: 'com.x.PayTest › refunds', message: 'java.lang.AssertionError: no' },
    ])
  })

  test('go-junit-report', () => {
    const tests = read(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" skipped="1">
	<testsuite name="example.com/pay" tests="2" failures="1" errors="0" id="0" skipped="1" time="0.1">
		<testcase name="TestPay" classname="example.com/pay" time="0.000"><failure message="Failed"><![CDATA[    pay_test.go:7: got 1]]></failure></testcase>
		<testcase name="TestLater" classname="example.com/pay"><skipped message="Skipped"></skipped></testcase>
	</testsuite>
</testsuites>`)
    expect(tests).toMatchObject({ passed: 0, failed: 1, skipped: 1, suites: 1 })
    expect(tests.failures[0]?.message).toBe('Failed\npay_test.go:7: got 1')
  })
})

describe('green means measured', () => {
  test('what a suite counts as failed and does not name is failed', () => {
    const tests = read(`<testsuites><testsuite name="setup" tests="1" failures="0" errors="2">
      <error message="before all failed"/><testcase name="a"/></testsuite></testsuites>`)
    expect(tests).toMatchObject({ passed: 1, failed: 2 })
    expect(tests.failures).toEqual([{ name: 'setup', message: 'before all failed' }])
  })

  test('totals of the root are not counted on top of its suites', () => {
    const suite = '<testsuite failures="1"><testcase name="a"><failure/></testcase></testsuite>'
    expect(read(`<testsuites failures="2">${suite}${suite}</testsuites>`).failed).toBe(2)
  })

  test('no tests is no test', () => {
    expect(read('<testsuites/>')).toMatchObject({ passed: 0, failed: 0 })
  })
})

describe('reports are cut, numbers are not', () => {
  const many = '<testcase name="a"><failure message="x"/></testcase>'.repeat(500)
  test('500 failures', () => {
    const tests = sumReports([read(`<testsuite>${many}</testsuite>`), read(`<testsuite>${many}</testsuite>`)])
    expect(tests.failed).toBe(1_000)
    expect(tests.failures).toHaveLength(30)
  })

  test('a long message', () => {
    const message = 'm'.repeat(50_000)
    const tests = read(`<testsuite><testcase name="a"><failure message="${message}"/></testcase></testsuite>`)
    expect(tests.failures[0]?.message).toHaveLength(1_000)
  })
})

describe('what is no report is a problem, never a throw', () => {
  test.each([
    ['nothing', '', 'is no well-formed XML'],
    ['text', 'all green', 'is no well-formed XML'],
    ['cut off', '<testsuites><testsuite name="a"><testcase name="b"/>', 'is no well-formed XML'],
    ['wrongly nested', '<testsuites><testsuite></testsuites>', 'is no well-formed XML'],
    ['something else', '<html><body/></html>', 'has no testsuite'],
    [
      'entities that multiply',
      '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>',
      'defines entities',
    ],
    ['entities from elsewhere', '<!doctype x SYSTEM "file:///etc/passwd"><testsuite/>', 'defines entities'],
    ['deep nesting', `${'<testsuite>'.repeat(500)}${'</testsuite>'.repeat(500)}`, 'cannot be read as XML'],
    ['too much', `<testsuite>${' '.repeat(11_000_000)}</testsuite>`, 'is larger than'],
  ])('%s', (_, xml, expected) => {
    expect(problem(xml)).toContain(expected)
  })

  test('names that mean something to JavaScript are names', () => {
    const tests = read(
      '<testsuite><testcase name="__proto__" classname="constructor"><failure/></testcase></testsuite>',
    )
    expect(tests.failures[0]?.name).toBe('constructor › __proto__')
  })
})
