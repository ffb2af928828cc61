package apart

import (
	"math/big"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

type open struct {
	Texts []string
	Of    map[string][]int
	Next  *open
	Any   any
	When  time.Time
	own   []string
}

type closed struct{ kept open }

func TestSharedNamesWhatIsShared(t *testing.T) {
	var a open
	Fill(&a, 7)
	assert.Equal(t, []string{"text"}, a.Texts)
	assert.Equal(t, 7, a.Any)
	assert.NotEmpty(t, a.Next.Of)

	b := open{Texts: append(a.Texts[:0:0], a.Texts...)}
	assert.Empty(t, Shared(a, b))
	assert.NotEmpty(t, Shared(a, a))
	b.Of = map[string][]int{"x": a.Of["text"]}
	assert.Equal(t, []string{"apart.open.Of[] and apart.open.Of[]"}, Shared(open{Of: a.Of}, b))

	assert.Equal(t, []string{"[]string and apart.closed.kept.Texts"}, Shared(a.Texts, closed{open{Texts: a.Texts}}), "a caller writes to what is kept")
	assert.Empty(t, Shared(closed{a}, closed{a}), "nobody can")
	assert.Empty(t, Shared(open{own: a.Texts}, open{own: a.Texts}))
	assert.Equal(t, []string{"[]string and []string"}, Shared(a.Texts[:0], a.Texts[:1]))

	n := big.NewInt(7)
	assert.NotEmpty(t, Shared(n, n))
	assert.Empty(t, Shared(n, big.NewInt(7)))
}

func TestHolds(t *testing.T) {
	assert.True(t, Holds(reflect.TypeFor[open]()))
	assert.True(t, Holds(reflect.TypeFor[*closed]()))
	assert.True(t, Holds(reflect.TypeFor[any]()))
	assert.True(t, Holds(reflect.TypeFor[[1]map[int]int]()))
	assert.False(t, Holds(reflect.TypeFor[closed]()))
	assert.False(t, Holds(reflect.TypeFor[*time.Location]()))
	assert.False(t, Holds(reflect.TypeFor[time.Time]()))
}
