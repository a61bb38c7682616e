// go get github.com/open-feature/go-sdk github.com/open-feature/go-sdk-contrib/providers/ofrep
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/open-feature/go-sdk-contrib/providers/ofrep"
	"github.com/open-feature/go-sdk/openfeature"
)

func main() {
	provider := ofrep.NewProvider("https://traction.example.org", ofrep.WithBearerToken(os.Getenv("TRACTION_TOKEN")))
	if err := openfeature.SetProviderAndWait(provider); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	flags := openfeature.NewClient("app")

	// Where the solution begins: false is what everybody gets when Traction cannot be reached.
	jo := openfeature.NewEvaluationContext("jo", nil)
	has, _ := flags.BooleanValue(context.Background(), "bedside-tests", false, jo)
	fmt.Println(map[bool]string{true: "on", false: "off"}[has])
}
