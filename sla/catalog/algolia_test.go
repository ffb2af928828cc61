package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A multiple of all minutes of the month: at 100 times, 149 of 44,640 min are
// 33.378% of it, which the cap of 25% cuts.
func TestAlgolia(t *testing.T) {
	for name, want := range map[string][2]string{
		"foundation":        {"248h20m", "25%"},
		"premier":           {"2483h20m", "50%"},
		"legacy":            {"24h50m", "100%"},
		"enterprise-add-on": {"248h20m", "100%"},
	} {
		f := judge(t, edition(t, "algolia/search/"+name), nil, down("vm", 149*time.Minute))["vm"]
		assert.Equal(t, want[0], f.Entitlement.Service.String(), name)
		assert.Equal(t, want[1], f.Limits[0].Percent.String(), name)
	}
}
