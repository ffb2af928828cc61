package yaml

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/slacredit/slacredit/sla"
)

// The first line tells editors where the schema is.
const agreement = `# yaml-language-server: $schema=../../sla/agreement.schema.json
format: slacredit/agreement/1
name: plain
commitments:
  - promise: at least 99.95%
    exclusions:
      - causes: [maintenance]
        notice: 24h
    calculation:
      zone: Europe/Berlin
      hours: [Mon-Fri 09:00-17:00, not 2026-12-25]
    credits:
      - {when: below 99.95%, give: 10%}
      - {when: below 99.0%, give: 25%}
`

// parse reads an agreement in YAML as [sla.ParseAgreement] reads it in JSON:
// keys that are unknown or come twice, values of another type, and anything
// after the document are errors.
func parse(text string) (sla.Agreement, error) {
	d := yaml.NewDecoder(strings.NewReader(text))
	var document any
	if err := d.Decode(&document); err != nil {
		return sla.Agreement{}, err
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return sla.Agreement{}, errors.New("more than one document")
	}
	data, err := json.Marshal(document)
	if err != nil {
		return sla.Agreement{}, err
	}
	return sla.ParseAgreement(data)
}

// My agreements are written in YAML.
func Example() {
	a, err := parse(agreement)
	if err != nil {
		fmt.Println(err)
		return
	}
	terms, err := a.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(terms.English())

	_, err = parse(agreement + "target: 99.95%\n")
	fmt.Println(err)
	// Output:
	// Excused: downtime within maintenance windows announced at least 24 hours ahead. The time zone is Europe/Berlin. Service hours are Mon-Fri 09:00-17:00, not 2026-12-25; nothing is due outside them. Promised for each billing period: availability of at least 99.95%. Credit if the availability is below 99.95%: 10% of the fee; below 99.0%: 25% of the fee.
	// sla: reading an agreement: unknown key "target"
}

func TestNothingIsForgiven(t *testing.T) {
	for _, wrong := range []string{
		"target: 99.95%\n", "name: another\n", "note:\n", "note: 1\n", "note: true\n", "atMost: 100%\n", "above: 1\n",
		"- 1\n", "? [a, b]\n: c\n", "1: a\n", "note: .inf\n",
		"---\nname: another\n", "...\nname: another\n",
	} {
		if a, err := parse(agreement + wrong); err == nil {
			t.Errorf("%s is read as %+v", wrong, a)
		}
	}
}
